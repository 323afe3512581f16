<?php

/**
 * Stand-ins for the few of PrestaShop's classes that the module touches, with the signatures that they have in PrestaShop 8.
 */

declare(strict_types=1);

require __DIR__ . '/database.php';

const _PS_VERSION_ = '8.2.0';
const _DB_PREFIX_ = 'ps_';
const _MYSQL_ENGINE_ = 'InnoDB';

date_default_timezone_set('Europe/Warsaw');

function pSQL($string, $htmlOK = false)
{
    return str_replace("'", "''", $htmlOK ? $string : strip_tags((string) $string));
}

class Db
{
    private $affected = 0;

    public static function getInstance($master = true)
    {
        static $instance = null;
        return $instance ?? $instance = new self();
    }

    public function execute($sql, $use_cache = true)
    {
        if (strpos($sql, 'CREATE TABLE') === 0) {
            // MySQL's words for what SQLite says otherwise.
            $sql = str_replace('INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY', 'INTEGER PRIMARY KEY AUTOINCREMENT', $sql);
            $sql = preg_replace(['~,\s*KEY `\w+` \([^)]*\)~', '~\) ENGINE=.*$~s'], ['', ')'], $sql);
        }
        $this->affected = database()->exec($sql);
        return true;
    }

    public function executeS($sql, $array = true, $use_cache = true)
    {
        return database()->query($sql)->fetchAll();
    }

    public function insert($table, $data, $null_values = false, $use_cache = true, $type = 1, $add_prefix = true)
    {
        $names = implode('`, `', array_keys($data));
        return $this->execute('INSERT INTO `' . _DB_PREFIX_ . "$table` (`$names`) VALUES ('" . implode("', '", $data) . "')");
    }

    public function update($table, $data, $where = '', $limit = 0, $null_values = false, $use_cache = true, $add_prefix = true)
    {
        $set = implode(', ', array_map(static fn ($name) => "`$name` = '{$data[$name]}'", array_keys($data)));
        return $this->execute('UPDATE `' . _DB_PREFIX_ . "$table` SET $set WHERE $where");
    }

    public function delete($table, $where = '', $limit = 0, $use_cache = true, $add_prefix = true)
    {
        return $this->execute('DELETE FROM `' . _DB_PREFIX_ . "$table` WHERE $where");
    }

    public function Affected_Rows()
    {
        return $this->affected;
    }
}

class Configuration
{
    public static function get($key, $idLang = null, $idShopGroup = null, $idShop = null, $default = false)
    {
        $found = database()->query("SELECT value FROM configuration WHERE name = '$key'")->fetchColumn();
        return $found === false ? $default : $found;
    }

    public static function getGlobalValue($key, $idLang = null)
    {
        return self::get($key);
    }

    public static function updateValue($key, $values, $html = false, $idShopGroup = null, $idShop = null)
    {
        $kept = database()->prepare('INSERT OR REPLACE INTO configuration VALUES (?, ?)');
        return $kept->execute([$key, $values]);
    }

    public static function deleteByName($key)
    {
        database()->exec("DELETE FROM configuration WHERE name = '$key'");
        return true;
    }
}

class ObjectModel
{
    public $id;

    public function __construct($id = null, $id_lang = null, $id_shop = null)
    {
        foreach (shop()[static::class][(string) $id] ?? [] as $name => $value) {
            $this->$name = $value;
            $this->id = $id;
        }
    }
}

#[AllowDynamicProperties]
class OrderState extends ObjectModel
{
    public static function getOrderStates($id_lang, $filterDeleted = true)
    {
        $states = [];
        foreach (shop()[self::class] as $id => $state) {
            $states[] = ['id_order_state' => $id, 'name' => $state['name']];
        }
        return $states;
    }
}

#[AllowDynamicProperties]
class Order extends ObjectModel
{
    public function getProductsDetail()
    {
        return $this->lines;
    }
}

#[AllowDynamicProperties]
class OrderHistory extends ObjectModel
{
}

#[AllowDynamicProperties]
class Customer extends ObjectModel
{
    public $newsletter = false;
}

#[AllowDynamicProperties]
class Address extends ObjectModel
{
    public $id_country = 0;
}

#[AllowDynamicProperties]
class Carrier extends ObjectModel
{
    public $name = '';
}

#[AllowDynamicProperties]
class Category extends ObjectModel
{
    public $name = '';
}

#[AllowDynamicProperties]
class Currency extends ObjectModel
{
    public $iso_code = '';
}

#[AllowDynamicProperties]
class Language extends ObjectModel
{
    public $iso_code = '';
}

class Country
{
    public static function getIsoById($id_country)
    {
        return [14 => 'PL', 1 => 'DE'][$id_country] ?? false;
    }
}

class Validate
{
    public static function isLoadedObject($object)
    {
        return is_object($object) && $object->id;
    }
}

class PrestaShopLogger
{
    public static function addLog($message, $severity = 1, $errorCode = null, $objectType = null, $objectId = null)
    {
        fwrite(STDERR, $message . PHP_EOL);
        return true;
    }
}

class Tools
{
    public static function getValue($key, $default_value = false)
    {
        return $_POST[$key] ?? $_GET[$key] ?? $default_value;
    }

    public static function isSubmit($submit)
    {
        return isset($_POST[$submit]);
    }

    public static function getAdminTokenLite($tab)
    {
        return 'admin-token';
    }
}

class Shop
{
    public const CONTEXT_ALL = 4;

    public $id = 1;

    public static function isFeatureActive()
    {
        return false;
    }
}

class Link
{
    public function getModuleLink($module, $controller = 'default', array $params = [], $ssl = null)
    {
        return "https://shop.acme.example/module/$module/$controller?" . http_build_query($params);
    }
}

class Smarty
{
    public $assigned = [];

    public function assign(array $values)
    {
        $this->assigned = $values;
    }
}

class Context
{
    public $language;
    public $link;
    public $shop;
    public $smarty;

    public static function getContext()
    {
        static $context = null;
        if ($context === null) {
            $context = new self();
            $context->language = new Language(1);
            $context->link = new Link();
            $context->shop = new Shop();
            $context->smarty = new Smarty();
        }
        return $context;
    }
}

class AdminController
{
    public static $currentIndex = 'index.php?controller=AdminModules';
}

class HelperForm
{
    public $module;
    public $submit_action;
    public $currentIndex;
    public $token;
    public $fields_value;

    /** What the form holds, as JSON: PrestaShop's templates escape it. */
    public function generateForm($fields_form)
    {
        return json_encode(['fields' => $fields_form, 'values' => $this->fields_value], JSON_THROW_ON_ERROR);
    }
}

class Module
{
    public $name;
    public $tab;
    public $version;
    public $author;
    public $need_instance;
    public $bootstrap;
    public $ps_versions_compliancy;
    public $displayName;
    public $description;
    public $confirmUninstall;
    public $hooks = [];
    protected $context;

    public function __construct($name = null, $context = null)
    {
        $this->context = Context::getContext();
    }

    public function install()
    {
        return true;
    }

    public function uninstall()
    {
        return true;
    }

    public function registerHook($hook_name, $shop_list = null)
    {
        $this->hooks = array_merge($this->hooks, (array) $hook_name);
        return true;
    }

    public function l($string, $specific = false, $locale = null)
    {
        return $string;
    }

    public function display($file, $template, $cache_id = null, $compile_id = null)
    {
        return json_encode($this->context->smarty->assigned, JSON_THROW_ON_ERROR);
    }

    public function displayConfirmation($string)
    {
        return "<div class=\"success\">$string</div>";
    }

    public function displayError($error)
    {
        return '<div class="error">' . implode(' ', (array) $error) . '</div>';
    }
}

class ModuleFrontController
{
    public $module;
}
