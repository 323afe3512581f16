<?php

/**
 * One request of a Magento with the module in it: what happens in it is told as JSON on the input.
 */

declare(strict_types=1);

use Afterorder\Connect\Cron\Deliver;
use Afterorder\Connect\Model\Messages;
use Afterorder\Connect\Model\OrderData;
use Afterorder\Connect\Model\Settings;
use Afterorder\Connect\Observer\OrderSaved;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Framework\Event\Event;
use Magento\Framework\Event\Observer;
use Magento\Newsletter\Model\SubscriberFactory;
use Magento\Sales\Model\Order;
use Psr\Log\LoggerInterface;

require __DIR__ . '/database.php';
require __DIR__ . '/magento_classes.php';

spl_autoload_register(static function (string $class): void {
    // As Magento's own psr-0 rule for app/code.
    $file = getenv('MODULE') . '/app/code/' . str_replace('\\', '/', $class) . '.php';
    if (is_file($file)) {
        require $file;
    }
});

require getenv('MODULE') . '/app/code/Afterorder/Connect/registration.php';

database()->exec(shop()['schema']);

$config = new class () implements ScopeConfigInterface {
    public function getValue($path, $scopeType = 'default', $scopeCode = null)
    {
        return shop()['config'][$path] ?? null;
    }
};
$encryptor = new class () implements EncryptorInterface {
    public function decrypt($data)
    {
        return base64_decode($data);
    }
};
$logger = new class () implements LoggerInterface {
    public function error(string|\Stringable $message, array $context = []): void
    {
        fwrite(STDERR, $message . ': ' . get_class($context['exception']) . PHP_EOL);
    }
};

$settings = new Settings($config, $encryptor);
$messages = new Messages(new ResourceConnection(), $settings, new OrderData($settings, $config, new SubscriberFactory()));
$observer = new OrderSaved($messages, $settings, $logger);

foreach (json_decode((string) stream_get_contents(STDIN), true, 32, JSON_THROW_ON_ERROR) as [$what, $with]) {
    switch ($what) {
        case 'saved':
            $observer->execute(new Observer(new Event(['order' => new Order($with)])));
            break;
        case 'cron':
            (new Deliver($messages))->execute();
            break;
        case 'time passes':
            database()->exec('UPDATE mg_afterorder_message SET due_at = due_at - ' . (int) $with['seconds']);
            break;
        case 'database breaks':
            database()->exec('DROP TABLE mg_afterorder_message');
            break;
        case 'messages':
            echo json_encode(database()->query('SELECT * FROM mg_afterorder_message ORDER BY id')->fetchAll()), PHP_EOL;
            break;
    }
}
