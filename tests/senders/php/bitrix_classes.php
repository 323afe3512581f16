<?php

/**
 * Stand-ins for the few of 1C-Bitrix's classes that the sender touches, with the signatures of its documentation.
 */

declare(strict_types=1);

namespace {
    class CAgent
    {
        /** @var string[] calls that Bitrix makes some day, by their number */
        public static array $agents = [];

        public static function AddAgent($name, $module = '', $period = 'N', $interval = 86400, $datecheck = '', $active = 'Y', $next_exec = '')
        {
            if (!in_array($name, self::$agents, true)) {
                self::$agents[] = $name;
            }
            return count(self::$agents);
        }

        /** Bitrix evaluates each, and keeps what it returns for the next time. */
        public static function CheckAgents()
        {
            $next = array_map(static fn (string $agent) => eval("return $agent"), self::$agents);
            self::$agents = array_values(array_filter($next));
        }
    }

    function AddMessage2Log($text, $module = '')
    {
        echo $text, PHP_EOL;
    }
}

namespace Bitrix\Main {
    class Event
    {
        public function __construct(private array $parameters)
        {
        }

        public function getParameter($key)
        {
            return $this->parameters[$key] ?? null;
        }
    }

    class EventManager
    {
        public array $handlers = [];

        public static function getInstance()
        {
            static $instance = null;
            return $instance ??= new self();
        }

        public function addEventHandler($fromModuleId, $eventType, $callback, $includeFile = false, $sort = 100)
        {
            $this->handlers["$fromModuleId/$eventType"][] = $callback;
        }
    }

    class Loader
    {
        public static function includeModule($moduleName)
        {
            return $moduleName === 'sale';
        }
    }

    class Found
    {
        public function __construct(private array|false $row)
        {
        }

        public function fetch()
        {
            return $this->row;
        }
    }

    class UserTable
    {
        public static function getById($id)
        {
            return new Found($id === 7 ? ['ID' => '7', 'NAME' => 'Анна'] : false);
        }
    }

    class SiteTable
    {
        public static function getById($id)
        {
            return new Found($id === 's1' ? ['LID' => 's1', 'LANGUAGE_ID' => 'ru'] : false);
        }
    }
}

namespace Bitrix\Main\Config {
    class Configuration
    {
        public static function getValue($name)
        {
            return shop()[$name] ?? null;
        }
    }
}

namespace Bitrix\Main\Type {
    class DateTime
    {
        public function __construct(private string $time)
        {
        }

        public function getTimestamp()
        {
            return strtotime($this->time);
        }
    }
}

namespace Bitrix\Sale {
    use Bitrix\Main\Type\DateTime;

    class PropertyValue
    {
        public function __construct(private ?string $value)
        {
        }

        public function getValue()
        {
            return $this->value;
        }
    }

    class PropertyValueCollection
    {
        public function __construct(private ?string $email)
        {
        }

        public function getUserEmail()
        {
            return $this->email === null ? null : new PropertyValue($this->email);
        }
    }

    class BasketItem
    {
        public function __construct(private array $fields)
        {
        }

        public function getField($name)
        {
            return $this->fields[$name] ?? null;
        }

        public function getQuantity()
        {
            return $this->fields['QUANTITY'];
        }
    }

    class Order
    {
        /** @var array<int, array> the orders as they are kept */
        public static array $kept = [];

        private function __construct(private array $fields)
        {
        }

        public static function load($id)
        {
            return isset(self::$kept[$id]) ? new self(self::$kept[$id]) : null;
        }

        public function getId()
        {
            return $this->fields['ID'];
        }

        public function getUserId()
        {
            return $this->fields['USER_ID'];
        }

        public function getSiteId()
        {
            return 's1';
        }

        public function getField($name)
        {
            return $this->fields[$name] ?? null;
        }

        public function isPaid()
        {
            return $this->fields['PAYED'] === 'Y';
        }

        public function isCanceled()
        {
            return $this->fields['CANCELED'] === 'Y';
        }

        public function isShipped()
        {
            return $this->fields['DEDUCTED'] === 'Y';
        }

        public function getPrice()
        {
            return 99.8;
        }

        public function getCurrency()
        {
            return 'KZT';
        }

        public function getDateInsert()
        {
            return new DateTime('2026-01-03T10:00:00Z');
        }

        public function getPropertyCollection()
        {
            return new PropertyValueCollection($this->fields['EMAIL']);
        }

        public function getBasket()
        {
            return new \ArrayIterator(array_map(static fn (array $line) => new BasketItem($line), $this->fields['BASKET']));
        }
    }
}
