<?php

declare(strict_types=1);

namespace Afterorder\Bitrix;

use Afterorder\Sender;
use Afterorder\Telling;
use Bitrix\Main\Config\Configuration;
use Bitrix\Main\Event;
use Bitrix\Main\EventManager;
use Bitrix\Main\Loader;
use Bitrix\Main\SiteTable;
use Bitrix\Main\UserTable;
use Bitrix\Sale\Order;
use CAgent;
use InvalidArgumentException;
use Throwable;

/**
 * Tells afterorder of the orders of a 1C-Bitrix shop. Each message is an agent, which comes again until it was delivered.
 */
final class Orders
{
    /** Seconds between two tries of one message; Bitrix keeps it for each agent. */
    private const INTERVAL = 300;

    /** Two days of tries. */
    private const MOST_TRIES = 576;

    private const TIMEOUT = 5.0;

    /** Fields of the order that say something new. */
    private const NEWS = ['PAYED', 'CANCELED', 'DEDUCTED', 'STATUS_ID'];

    /** afterorder keeps no more. */
    private const MOST_ITEMS = 5;

    public static function register(): void
    {
        EventManager::getInstance()->addEventHandler('sale', 'OnSaleOrderSaved', [self::class, 'onSaved']);
    }

    /**
     * Plan the messages. Whatever goes wrong here, the customer's order goes on.
     */
    public static function onSaved(Event $event): void
    {
        try {
            $order = $event->getParameter('ENTITY');
            $changed = array_keys((array) $event->getParameter('VALUES'));
            if (!$event->getParameter('IS_NEW') && array_intersect($changed, self::NEWS) === []) {
                return;
            }
            foreach (self::types($order) as $type) {
                CAgent::AddAgent(self::agent((int) $order->getId(), $type, time(), 1), 'sale', 'N', self::INTERVAL);
            }
        } catch (Throwable $error) {
            AddMessage2Log('afterorder: ' . $error->getMessage(), 'afterorder');
        }
    }

    /**
     * The agent: try once. Return what Bitrix is to call next time, nothing when it is over.
     */
    public static function tell(int $id, string $type, int $at, int $tries): string
    {
        Loader::includeModule('sale');
        $order = Order::load($id);
        if ($order === null) {
            return '';
        }
        // The same message has the same id, however often it is tried.
        [$status, $text] = self::post("msg_{$id}_{$type}_{$at}", Sender::body($type, self::data($order, $at), $at));
        if ($status === 200) {
            return '';
        }
        AddMessage2Log("afterorder: order $id, $type: " . Sender::reason($status, $text), 'afterorder');
        $again = Telling::pause($status, 1) !== null && $tries < self::MOST_TRIES;
        return $again ? self::agent($id, $type, $at, $tries + 1) : '';
    }

    /**
     * What has happened to the order by now: a stop alone, else everything.
     *
     * @return string[]
     */
    public static function types(Order $order): array
    {
        if ($order->isCanceled()) {
            return ['order.cancelled'];
        }
        $happened = array_keys(array_filter([
            'order.paid' => $order->isPaid(),
            'order.fulfilled' => $order->isShipped(),
            'order.delivered' => in_array($order->getField('STATUS_ID'), self::settings()['delivered'], true),
        ]));
        return $happened === [] ? ['order.placed'] : $happened;
    }

    /**
     * @return array<string, mixed> the `data` of every message about this order
     */
    public static function data(Order $order, int $at): array
    {
        $email = $order->getPropertyCollection()->getUserEmail();
        $user = UserTable::getById((int) $order->getUserId())->fetch() ?: [];
        $site = SiteTable::getById($order->getSiteId())->fetch() ?: [];
        return [
            'id' => (string) $order->getId(),
            'number' => (string) $order->getField('ACCOUNT_NUMBER'),
            'email' => $email === null ? null : (string) $email->getValue(),
            'first_name' => $user['NAME'] ?? null,
            'language' => $site['LANGUAGE_ID'] ?? null,
            'country' => self::settings()['country'],
            'currency' => (string) $order->getCurrency(),
            'total' => number_format((float) $order->getPrice(), 2, '.', ''),
            'items' => self::items($order),
            'customer_id' => (string) $order->getUserId(),
            'placed_at' => gmdate('Y-m-d\TH:i:s\Z', $order->getDateInsert()->getTimestamp()),
            'updated_at' => gmdate('Y-m-d\TH:i:s\Z', $at),
        ];
    }

    /**
     * @return array{int, string}
     */
    private static function post(string $messageId, string $body): array
    {
        $settings = self::settings();
        try {
            return (new Sender($settings['url'], $settings['secret'], self::TIMEOUT, []))->post($messageId, $body);
        } catch (InvalidArgumentException $error) {
            return [401, $error->getMessage()];
        }
    }

    private static function items(Order $order): array
    {
        $items = [];
        foreach ($order->getBasket() as $item) {
            $items[] = ['title' => (string) $item->getField('NAME'), 'quantity' => (float) $item->getQuantity()];
        }
        return array_slice($items, 0, self::MOST_ITEMS);
    }

    private static function agent(int $id, string $type, int $at, int $tries): string
    {
        return sprintf('\\%s::tell(%d, \'%s\', %d, %d);', self::class, $id, $type, $at, $tries);
    }

    /**
     * The key `afterorder` of /bitrix/.settings.php.
     */
    private static function settings(): array
    {
        return (array) Configuration::getValue('afterorder') + ['url' => '', 'secret' => '', 'country' => null, 'delivered' => ['F']];
    }
}
