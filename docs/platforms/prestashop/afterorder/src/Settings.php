<?php

declare(strict_types=1);

namespace Afterorder\PrestaShop;

use Afterorder\Sender;
use AdminController;
use Configuration;
use Context;
use HelperForm;
use InvalidArgumentException;
use Module;
use OrderState;
use Tools;

if (!defined('_PS_VERSION_')) {
    exit;
}

/**
 * What the shop chose: address and secret for each of its shops, and what states of its own mean.
 */
final class Settings
{
    public const URL = 'AFTERORDER_URL';
    public const SECRET = 'AFTERORDER_SECRET';
    public const CRON_TOKEN = 'AFTERORDER_CRON_TOKEN';
    public const DELIVERED = 'AFTERORDER_DELIVERED';
    public const CANCELLED = 'AFTERORDER_CANCELLED';
    public const REFUNDED = 'AFTERORDER_REFUNDED';

    /** Each list of states, with those of PrestaShop's own that it begins with. */
    private const STATES = [
        self::DELIVERED => ['PS_OS_DELIVERED'],
        self::CANCELLED => ['PS_OS_CANCELED', 'PS_OS_ERROR'],
        self::REFUNDED => ['PS_OS_REFUND'],
    ];

    /** Seconds for one delivery. */
    private const TIMEOUT = 5.0;

    public static function install(): bool
    {
        $done = Configuration::updateValue(self::CRON_TOKEN, bin2hex(random_bytes(24)));
        foreach (self::STATES as $name => $own) {
            $ids = array_filter(array_map(static function (string $key): int {
                return (int) Configuration::get($key);
            }, $own));
            $done = Configuration::updateValue($name, implode(',', $ids)) && $done;
        }
        return $done;
    }

    public static function uninstall(): bool
    {
        $names = array_merge([self::URL, self::SECRET, self::CRON_TOKEN], array_keys(self::STATES));
        return !in_array(false, array_map([Configuration::class, 'deleteByName'], $names), true);
    }

    public static function connected(int $shop): bool
    {
        return self::value(self::URL, $shop) !== '' && self::value(self::SECRET, $shop) !== '';
    }

    public static function cronToken(): string
    {
        return (string) Configuration::getGlobalValue(self::CRON_TOKEN);
    }

    /**
     * @throws InvalidArgumentException if the address or the secret is none
     */
    public static function sender(int $shop): Sender
    {
        return new Sender(self::value(self::URL, $shop), self::value(self::SECRET, $shop), self::TIMEOUT, []);
    }

    /**
     * @return int[] the states that the shop chose for one of the lists
     */
    public static function states(string $name, int $shop): array
    {
        return array_map('intval', array_filter(explode(',', self::value($name, $shop))));
    }

    /**
     * Keep what was posted. An empty secret leaves the one that is there.
     *
     * @return string[] what is wrong; nothing is kept then
     */
    public static function save(): array
    {
        $url = trim((string) Tools::getValue(self::URL));
        $secret = trim((string) Tools::getValue(self::SECRET));
        $secret = $secret !== '' ? $secret : (string) Configuration::get(self::SECRET);
        try {
            new Sender($url, $secret);
        } catch (InvalidArgumentException $error) {
            return [htmlspecialchars($error->getMessage(), ENT_QUOTES, 'UTF-8')];
        }
        if (preg_match('~/webhooks/[a-z0-9-]+/standard$~D', $url) !== 1) {
            return ['the address must end with /webhooks/ , the id of your shop, and /standard'];
        }
        Configuration::updateValue(self::URL, $url);
        Configuration::updateValue(self::SECRET, $secret);
        foreach (array_keys(self::STATES) as $name) {
            Configuration::updateValue($name, implode(',', array_map('intval', (array) Tools::getValue($name, []))));
        }
        return [];
    }

    /**
     * The settings as a form of the back office. The secret is never put into the page.
     */
    public static function form(Module $module): string
    {
        $helper = new HelperForm();
        $helper->module = $module;
        $helper->submit_action = 'submitAfterorder';
        $helper->currentIndex = AdminController::$currentIndex . '&configure=' . $module->name;
        $helper->token = Tools::getAdminTokenLite('AdminModules');
        $helper->fields_value = [self::URL => (string) Configuration::get(self::URL), self::SECRET => ''];
        foreach (array_keys(self::STATES) as $name) {
            $helper->fields_value[$name . '[]'] = explode(',', (string) Configuration::get($name));
        }
        return $helper->generateForm([['form' => self::fields($module)]]);
    }

    private static function fields(Module $module): array
    {
        $states = OrderState::getOrderStates((int) Context::getContext()->language->id);
        $list = static function (string $label, string $name) use ($states): array {
            $options = ['query' => $states, 'id' => 'id_order_state', 'name' => 'name'];
            return ['type' => 'select', 'multiple' => true, 'label' => $label, 'name' => $name . '[]', 'options' => $options];
        };
        return [
            'legend' => ['title' => 'afterorder'],
            'input' => [
                ['type' => 'text', 'label' => $module->l('Address', 'Settings'), 'name' => self::URL, 'required' => true],
                [
                    'type' => 'password',
                    'label' => $module->l('Secret', 'Settings'),
                    'name' => self::SECRET,
                    'desc' => $module->l('Empty leaves the one that is there.', 'Settings'),
                ],
                $list($module->l('States that mean delivered', 'Settings'), self::DELIVERED),
                $list($module->l('States that mean cancelled', 'Settings'), self::CANCELLED),
                $list($module->l('States that mean wholly refunded', 'Settings'), self::REFUNDED),
            ],
            'submit' => ['title' => $module->l('Save', 'Settings')],
        ];
    }

    private static function value(string $name, int $shop): string
    {
        return (string) Configuration::get($name, null, null, $shop);
    }
}
