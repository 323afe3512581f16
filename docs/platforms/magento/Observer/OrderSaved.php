<?php

declare(strict_types=1);

namespace Afterorder\Connect\Observer;

use Afterorder\Connect\Model\Messages;
use Afterorder\Connect\Model\Settings;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Sales\Model\Order;
use Psr\Log\LoggerInterface;
use Throwable;

/**
 * Queue what a saved order's state means. An order is saved many times on its way; what was told once is not told again.
 */
class OrderSaved implements ObserverInterface
{
    public function __construct(
        private readonly Messages $messages,
        private readonly Settings $settings,
        private readonly LoggerInterface $logger,
    ) {
    }

    /**
     * Whatever goes wrong here, the customer's order goes on.
     */
    public function execute(Observer $observer): void
    {
        try {
            $order = $observer->getEvent()->getData('order');
            if ($order instanceof Order && $order->getId() && $this->settings->connected((int) $order->getStoreId())) {
                $this->messages->tell($order);
            }
        } catch (Throwable $error) {
            $this->logger->error('afterorder: an order was not queued', ['exception' => $error]);
        }
    }
}
