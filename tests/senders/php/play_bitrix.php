<?php

/**
 * A 1C-Bitrix with the sender in it: what happens in it is told as JSON on the input.
 */

declare(strict_types=1);

use Afterorder\Bitrix\Orders;
use Bitrix\Main\Event;
use Bitrix\Main\EventManager;
use Bitrix\Sale\Order;

require __DIR__ . '/database.php';
require __DIR__ . '/bitrix_classes.php';

require getenv('MODULE') . '/senders/afterorder.php';
require getenv('MODULE') . '/senders/Telling.php';
require getenv('MODULE') . '/1c-bitrix/Orders.php';

Orders::register();

$new = ['ID' => 1001, 'ACCOUNT_NUMBER' => '1001', 'USER_ID' => 7, 'STATUS_ID' => 'N', 'PAYED' => 'N', 'CANCELED' => 'N', 'DEDUCTED' => 'N'];
$new += ['EMAIL' => 'anna@example.com', 'BASKET' => [['NAME' => 'Палатка «Сокол»', 'QUANTITY' => 1.0]]];

foreach (json_decode((string) stream_get_contents(STDIN), true, 32, JSON_THROW_ON_ERROR) as [$what, $with]) {
    switch ($what) {
        case 'saved':
            $before = Order::$kept[1001] ?? null;
            Order::$kept[1001] = $with + ($before ?? $new);
            // Bitrix hands on the old values of those fields that changed.
            $old = $before === null ? [] : array_intersect_key($before, $with);
            foreach (EventManager::getInstance()->handlers['sale/OnSaleOrderSaved'] as $handler) {
                $handler(new Event(['ENTITY' => Order::load(1001), 'VALUES' => $old, 'IS_NEW' => $before === null]));
            }
            break;
        case 'deleted':
            Order::$kept = [];
            break;
        case 'agents':
            CAgent::CheckAgents();
            break;
        case 'waiting':
            echo count(CAgent::$agents), PHP_EOL;
            break;
    }
}
