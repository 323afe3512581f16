<?php

/**
 * Stand-ins for the few of Magento's classes that the module touches, with the signatures that they have in Magento 2.4.
 */

declare(strict_types=1);

namespace Magento\Framework\Component {
    class ComponentRegistrar
    {
        public const MODULE = 'module';

        public static array $registered = [];

        public static function register($type, $componentName, $path)
        {
            self::$registered[$componentName] = $path;
        }
    }
}

namespace Magento\Framework\App\Config {
    interface ScopeConfigInterface
    {
        public function getValue($path, $scopeType = 'default', $scopeCode = null);
    }
}

namespace Magento\Framework\Encryption {
    interface EncryptorInterface
    {
        public function decrypt($data);
    }
}

namespace Magento\Store\Model {
    interface ScopeInterface
    {
        public const SCOPE_STORE = 'store';
    }

    class Store
    {
        public function getWebsiteId()
        {
            return '1';
        }
    }
}

namespace Magento\Framework\Event {
    interface ObserverInterface
    {
        public function execute(Observer $observer);
    }

    class Event
    {
        public function __construct(private array $data)
        {
        }

        public function getData($key = '', $index = null)
        {
            return $this->data[$key] ?? null;
        }
    }

    class Observer
    {
        public function __construct(private Event $event)
        {
        }

        public function getEvent()
        {
            return $this->event;
        }
    }
}

namespace Magento\Framework\DB\Adapter {
    interface AdapterInterface
    {
        public function insert($table, array $bind);

        public function update($table, array $bind, $where = '');

        public function delete($table, $where = '');

        public function fetchAll($sql, $bind = [], $fetchMode = null);

        public function fetchCol($sql, $bind = []);
    }
}

namespace Magento\Framework\App {
    use Magento\Framework\DB\Adapter\AdapterInterface;

    class ResourceConnection
    {
        public function getConnection($resourceName = 'default')
        {
            return new class () implements AdapterInterface {
                public function insert($table, array $bind)
                {
                    $marks = implode(', ', array_fill(0, count($bind), '?'));
                    return $this->run("INSERT INTO $table (" . implode(', ', array_keys($bind)) . ") VALUES ($marks)", array_values($bind))->rowCount();
                }

                public function update($table, array $bind, $where = '')
                {
                    $set = implode(', ', array_map(static fn ($name) => "$name = ?", array_keys($bind)));
                    $query = "UPDATE $table SET $set WHERE " . implode(' AND ', array_keys($where));
                    return $this->run($query, [...array_values($bind), ...array_values($where)])->rowCount();
                }

                public function delete($table, $where = '')
                {
                    return $this->run("DELETE FROM $table WHERE " . implode(' AND ', array_keys($where)), array_values($where))->rowCount();
                }

                public function fetchAll($sql, $bind = [], $fetchMode = null)
                {
                    return $this->run($sql, $bind)->fetchAll();
                }

                public function fetchCol($sql, $bind = [])
                {
                    return $this->run($sql, $bind)->fetchAll(\PDO::FETCH_COLUMN);
                }

                private function run($sql, array $bind)
                {
                    $statement = database()->prepare($sql);
                    foreach (array_values($bind) as $place => $value) {
                        $statement->bindValue($place + 1, $value, is_int($value) ? \PDO::PARAM_INT : \PDO::PARAM_STR);
                    }
                    $statement->execute();
                    return $statement;
                }
            };
        }

        public function getTableName($modelEntity, $connectionName = 'default')
        {
            return "mg_$modelEntity";
        }
    }
}

namespace Magento\Newsletter\Model {
    class Subscriber
    {
        public const STATUS_SUBSCRIBED = 1;

        private ?string $status = null;

        public function loadBySubscriberEmail(string $email, int $websiteId): Subscriber
        {
            $this->status = in_array($email, shop()['subscribers'], true) ? '1' : null;
            return $this;
        }

        public function getSubscriberStatus()
        {
            return $this->status;
        }
    }

    class SubscriberFactory
    {
        public function create(array $data = [])
        {
            return new Subscriber();
        }
    }
}

namespace Magento\Sales\Model\Order {
    class Item
    {
        public function __construct(private array $data)
        {
        }

        public function getSku()
        {
            return $this->data['sku'];
        }

        public function getName()
        {
            return $this->data['name'];
        }

        public function getQtyOrdered()
        {
            return $this->data['qty_ordered'];
        }
    }

    class Address
    {
        public function __construct(private array $data)
        {
        }

        public function getFirstname()
        {
            return $this->data['firstname'];
        }

        public function getCountryId()
        {
            return $this->data['country_id'];
        }
    }
}

namespace Magento\Sales\Model {
    class Order
    {
        public const STATE_CANCELED = 'canceled';
        public const STATE_CLOSED = 'closed';
        public const STATE_COMPLETE = 'complete';

        public function __construct(private array $data)
        {
        }

        /** Magento's models answer getIncrementId() from their data, `increment_id`; null if there is none. */
        public function __call($method, $arguments)
        {
            return $this->data[strtolower(preg_replace('~(?<!^)[A-Z]~', '_$0', substr($method, 3)))] ?? null;
        }

        public function getId()
        {
            return $this->data['entity_id'] ?? null;
        }

        public function getAllVisibleItems()
        {
            return array_map(static fn (array $item) => new Order\Item($item), $this->data['items']);
        }

        public function getBillingAddress()
        {
            return isset($this->data['billing']) ? new Order\Address($this->data['billing']) : null;
        }

        public function getStore()
        {
            return new \Magento\Store\Model\Store();
        }
    }
}

namespace Psr\Log {
    interface LoggerInterface
    {
        public function error(string|\Stringable $message, array $context = []): void;
    }
}
