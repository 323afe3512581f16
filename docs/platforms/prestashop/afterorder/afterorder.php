<?php

/**
 * afterorder for PrestaShop: tells afterorder of each order's states, so that it can ask the customer one question afterwards.
 *
 * @author    afterorder
 * @license   Apache-2.0
 */

// No strict_types here: older PrestaShop evaluates a module's main file inside of other code, where the line is an error.

if (!defined('_PS_VERSION_')) {
    exit;
}

require_once __DIR__ . '/src/Sender.php';
require_once __DIR__ . '/src/Telling.php';
require_once __DIR__ . '/src/Messages.php';
require_once __DIR__ . '/src/OrderData.php';
require_once __DIR__ . '/src/Settings.php';

use Afterorder\PrestaShop\Messages;
use Afterorder\PrestaShop\OrderData;
use Afterorder\PrestaShop\Settings;
use Afterorder\Sender;

class Afterorder extends Module
{
    private const HOOKS = ['actionValidateOrder', 'actionOrderStatusPostUpdate', 'actionOrderHistoryAddAfter'];

    public function __construct()
    {
        $this->name = 'afterorder';
        $this->tab = 'emailing';
        $this->version = '1.0.0';
        $this->author = 'afterorder';
        $this->need_instance = 0;
        $this->bootstrap = true;
        $this->ps_versions_compliancy = ['min' => '1.7.8.0', 'max' => '9.99.99'];
        parent::__construct();
        $this->displayName = 'afterorder';
        $this->description = $this->l('Tells afterorder of your orders, so that it can ask each customer one question.');
        $this->confirmUninstall = $this->l('What was not delivered yet will be lost. Uninstall?');
    }

    public function install(): bool
    {
        if (Shop::isFeatureActive()) {
            Shop::setContext(Shop::CONTEXT_ALL);
        }
        return parent::install() && Messages::install() && Settings::install() && $this->registerHook(self::HOOKS);
    }

    public function uninstall(): bool
    {
        return Messages::uninstall() && Settings::uninstall() && parent::uninstall();
    }

    /**
     * A new order; its first state is told as well, wherever the payment module goes on from here.
     */
    public function hookActionValidateOrder(array $params): void
    {
        $this->tell($params['order'] ?? null, $params['orderStatus'] ?? null);
    }

    public function hookActionOrderStatusPostUpdate(array $params): void
    {
        $this->tell(new Order((int) ($params['id_order'] ?? 0)), $params['newOrderStatus'] ?? null);
    }

    /**
     * From PrestaShop 8 on: also where a module writes the history itself, and the hook above is never called.
     */
    public function hookActionOrderHistoryAddAfter(array $params): void
    {
        $history = $params['order_history'] ?? null;
        if ($history !== null) {
            $this->tell(new Order((int) $history->id_order), new OrderState((int) $history->id_order_state));
        }
    }

    /**
     * Look for orders whose news no hook told, and deliver what is due. Called by the cron address.
     */
    public function work(): string
    {
        $found = Messages::catchUp();
        return sprintf('found %d, %s', $found, Messages::deliver(50));
    }

    public function getContent(): string
    {
        $said = '';
        if (Tools::isSubmit('submitAfterorder')) {
            $wrong = Settings::save();
            $said = $wrong === [] ? $this->displayConfirmation($this->l('Saved.')) : $this->displayError($wrong);
        } elseif (Tools::isSubmit('testAfterorder')) {
            $said = $this->sendTest();
        }
        $this->context->smarty->assign([
            'afterorder_waiting' => Messages::waiting(),
            'afterorder_troubles' => Messages::troubles(10),
            'afterorder_cron' => $this->context->link->getModuleLink('afterorder', 'cron', ['token' => Settings::cronToken()], true),
        ]);
        return $said . Settings::form($this) . $this->display(__FILE__, 'views/templates/admin/state.tpl');
    }

    /**
     * Queue what this state means. Whatever goes wrong here, the customer's order goes on.
     */
    private function tell(?Order $order, ?OrderState $state): void
    {
        try {
            if ($order === null || $state === null || !Validate::isLoadedObject($order) || !Settings::connected((int) $order->id_shop)) {
                return;
            }
            if (Messages::tell($order, OrderData::types($state, (int) $order->id_shop)) > 0) {
                $this->deliverAfterTheAnswer();
            }
        } catch (Throwable $error) {
            PrestaShopLogger::addLog('afterorder: ' . get_class($error) . ': ' . $error->getMessage(), 3, null, 'Order', (int) ($order->id ?? 0));
        }
    }

    /**
     * Deliver at once where the web server can let the customer go first; elsewhere the cron does it.
     */
    private function deliverAfterTheAnswer(): void
    {
        static $planned = false;
        if ($planned || !function_exists('fastcgi_finish_request')) {
            return;
        }
        $planned = true;
        register_shutdown_function(static function (): void {
            // The customer's next click must not wait for this one's session.
            session_write_close();
            fastcgi_finish_request();
            Messages::deliver(5);
        });
    }

    private function sendTest(): string
    {
        try {
            [$status, $text] = Settings::sender((int) $this->context->shop->id)
                ->post('msg_' . bin2hex(random_bytes(16)), Sender::body('afterorder.test', [], time()));
        } catch (InvalidArgumentException $error) {
            return $this->displayError($this->safe($error->getMessage()));
        }
        return $status === 200
            ? $this->displayConfirmation($this->l('It arrived, and its signature is good.'))
            : $this->displayError($this->safe(Sender::reason($status, $text)));
    }

    private function safe(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
    }
}
