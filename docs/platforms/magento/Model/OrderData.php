<?php

declare(strict_types=1);

namespace Afterorder\Connect\Model;

use DateTimeImmutable;
use DateTimeZone;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Newsletter\Model\Subscriber;
use Magento\Newsletter\Model\SubscriberFactory;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Item;
use Magento\Store\Model\ScopeInterface;

/**
 * Magento's order in the words of the standard webhook.
 */
class OrderData
{
    /** afterorder keeps no more. */
    private const MOST_ITEMS = 5;

    public function __construct(
        private readonly Settings $settings,
        private readonly ScopeConfigInterface $config,
        private readonly SubscriberFactory $subscribers,
    ) {
    }

    /**
     * What the order's state means now: a stop alone, else everything that has happened.
     *
     * `closed` is what Magento calls an order that credit memos have refunded wholly. `complete`: everything is invoiced and shipped.
     *
     * @return string[]
     */
    public function types(Order $order): array
    {
        $state = (string) $order->getState();
        if ($state === Order::STATE_CANCELED) {
            return ['order.cancelled'];
        }
        if ($state === Order::STATE_CLOSED) {
            return ['order.refunded'];
        }
        $complete = $state === Order::STATE_COMPLETE;
        $paid = (float) $order->getGrandTotal() > 0 && (float) $order->getTotalPaid() >= (float) $order->getGrandTotal();
        $happened = array_keys(array_filter([
            'order.paid' => $complete || $paid,
            'order.fulfilled' => $complete,
            'order.delivered' => in_array($order->getStatus(), $this->settings->delivered((int) $order->getStoreId()), true),
        ]));
        return $happened === [] ? ['order.placed'] : $happened;
    }

    /**
     * @return array<string, mixed> the `data` of every message about this order
     */
    public function of(Order $order, int $time): array
    {
        $address = $order->getBillingAddress();
        return [
            'id' => (string) $order->getId(),
            'number' => (string) $order->getIncrementId(),
            'email' => (string) $order->getCustomerEmail(),
            'first_name' => (string) ($order->getCustomerFirstname() ?: $address?->getFirstname()),
            'language' => substr($this->locale((int) $order->getStoreId()), 0, 2),
            'country' => (string) $address?->getCountryId(),
            'currency' => (string) $order->getOrderCurrencyCode(),
            'total' => number_format((float) $order->getGrandTotal(), 2, '.', ''),
            'items' => $this->items($order),
            'delivery' => (string) $order->getShippingDescription(),
            'customer_id' => $order->getCustomerId() === null ? null : (string) $order->getCustomerId(),
            'consent' => $this->subscribed($order),
            'placed_at' => $this->time((string) $order->getCreatedAt()),
            'updated_at' => gmdate('Y-m-d\TH:i:s\Z', $time),
        ];
    }

    private function items(Order $order): array
    {
        return array_map(static fn (Item $item): array => [
            'sku' => (string) $item->getSku(),
            'title' => (string) $item->getName(),
            'quantity' => (float) $item->getQtyOrdered(),
        ], array_slice(array_values($order->getAllVisibleItems()), 0, self::MOST_ITEMS));
    }

    /**
     * The newsletter is the only permission that Magento keeps.
     */
    private function subscribed(Order $order): bool
    {
        $found = $this->subscribers->create()->loadBySubscriberEmail(
            (string) $order->getCustomerEmail(),
            (int) $order->getStore()->getWebsiteId(),
        );
        return (int) $found->getSubscriberStatus() === Subscriber::STATUS_SUBSCRIBED;
    }

    private function locale(int $store): string
    {
        return (string) $this->config->getValue('general/locale/code', ScopeInterface::SCOPE_STORE, $store);
    }

    /**
     * Magento keeps times in UTC, without a zone.
     */
    private function time(string $written): ?string
    {
        return $written === '' ? null : (new DateTimeImmutable($written, new DateTimeZone('UTC')))->format('Y-m-d\TH:i:s\Z');
    }
}
