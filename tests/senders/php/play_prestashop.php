<?php

/**
 * One request of a PrestaShop with the module in it: what happens in it is told as JSON on the input.
 */

declare(strict_types=1);

require __DIR__ . '/prestashop.php';

database()->exec('CREATE TABLE IF NOT EXISTS configuration (name TEXT PRIMARY KEY, value TEXT)');
database()->exec('CREATE TABLE IF NOT EXISTS ps_orders (id_order INTEGER PRIMARY KEY, current_state INTEGER, date_upd TEXT)');

require getenv('MODULE') . '/afterorder/afterorder.php';
require getenv('MODULE') . '/afterorder/controllers/front/cron.php';

// As web servers do it: headers may come after the first words.
ob_start();

$module = new Afterorder();
foreach (json_decode((string) stream_get_contents(STDIN), true, 32, JSON_THROW_ON_ERROR) as [$what, $with]) {
    switch ($what) {
        case 'install':
            foreach (['PS_OS_DELIVERED' => 5, 'PS_OS_CANCELED' => 6, 'PS_OS_REFUND' => 7, 'PS_OS_ERROR' => 8] as $key => $state) {
                Configuration::updateValue($key, $state);
            }
            echo json_encode($module->install()), PHP_EOL;
            break;
        case 'uninstall':
            echo json_encode($module->uninstall()), PHP_EOL;
            break;
        case 'settings':
            $_POST = $with;
            echo $module->getContent(), PHP_EOL;
            break;
        case 'validated':
            $module->hookActionValidateOrder(['order' => new Order($with['order']), 'orderStatus' => new OrderState($with['state'])]);
            break;
        case 'state':
            $module->hookActionOrderStatusPostUpdate(['newOrderStatus' => new OrderState($with['state']), 'id_order' => $with['order']]);
            break;
        case 'history':
            $history = new OrderHistory();
            $history->id_order = $with['order'];
            $history->id_order_state = $with['state'];
            $module->hookActionOrderHistoryAddAfter(['order_history' => $history]);
            break;
        case 'unnoticed':
            $changed = database()->prepare('INSERT OR REPLACE INTO ps_orders VALUES (?, ?, ?)');
            $changed->execute([$with['order'], $with['state'], date('Y-m-d H:i:s')]);
            break;
        case 'time passes':
            database()->exec('UPDATE ps_afterorder_message SET due_at = due_at - ' . (int) $with['seconds']);
            break;
        case 'under FPM':
            function fastcgi_finish_request(): bool
            {
                echo 'the customer has the page', PHP_EOL;
                return true;
            }
            break;
        case 'database breaks':
            database()->exec('DROP TABLE ps_afterorder_message');
            break;
        case 'messages':
            echo json_encode(Db::getInstance()->executeS('SELECT * FROM ps_afterorder_message ORDER BY id')), PHP_EOL;
            break;
        case 'cron':
            $_GET = ['token' => $with['token'] ?? Configuration::get('AFTERORDER_CRON_TOKEN')];
            $controller = new AfterorderCronModuleFrontController();
            $controller->module = $module;
            $controller->initContent();
            break;
    }
}
