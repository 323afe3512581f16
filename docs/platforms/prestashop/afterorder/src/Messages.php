<?php

declare(strict_types=1);

namespace Afterorder\PrestaShop;

use Afterorder\Sender;
use Afterorder\Telling;
use Db;
use InvalidArgumentException;
use Order;
use OrderState;

if (!defined('_PS_VERSION_')) {
    exit;
}

/**
 * What was told of each order, and what waits to be told: a table of its own. A message keeps its id and its body over all
 * tries; its body, which names a customer, is emptied as soon as it is not needed.
 */
final class Messages
{
    private const TABLE = 'afterorder_message';

    /** Seconds in which nobody else takes a message that is being delivered. */
    private const CLAIM = 120;

    /** Orders that changed within so many seconds are looked at again, for modules that change an order and call no hook. */
    private const CATCH_UP = 172800;

    private const KEEP = 34560000;

    public static function install(): bool
    {
        return Db::getInstance()->execute('CREATE TABLE IF NOT EXISTS `' . _DB_PREFIX_ . self::TABLE . '` (
            `id` INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            `id_order` INT UNSIGNED NOT NULL,
            `id_shop` INT UNSIGNED NOT NULL,
            `type` VARCHAR(32) NOT NULL,
            `message_id` VARCHAR(64) NOT NULL,
            `body` MEDIUMTEXT NOT NULL,
            `state` VARCHAR(8) NOT NULL,
            `tries` INT UNSIGNED NOT NULL,
            `due_at` INT UNSIGNED NOT NULL,
            `created_at` INT UNSIGNED NOT NULL,
            `said` VARCHAR(255) NOT NULL,
            KEY `order` (`id_order`),
            KEY `due` (`state`, `due_at`)
        ) ENGINE=' . _MYSQL_ENGINE_ . ' DEFAULT CHARSET=utf8mb4');
    }

    public static function uninstall(): bool
    {
        return Db::getInstance()->execute('DROP TABLE IF EXISTS `' . _DB_PREFIX_ . self::TABLE . '`');
    }

    /**
     * Queue those types that were not told of this order yet. Return how many.
     *
     * @param string[] $types
     */
    public static function tell(Order $order, array $types): int
    {
        $told = self::rows('SELECT `type` FROM `%s` WHERE `id_order` = ' . (int) $order->id . ' ORDER BY `id`');
        $missing = Telling::missing($types, array_column($told, 'type'));
        if ($missing === []) {
            return 0;
        }
        $now = time();
        $data = OrderData::of($order, $now);
        foreach ($missing as $type) {
            Db::getInstance()->insert(self::TABLE, [
                'id_order' => (int) $order->id,
                'id_shop' => (int) $order->id_shop,
                'type' => pSQL($type),
                'message_id' => 'msg_' . bin2hex(random_bytes(16)),
                'body' => pSQL(Sender::body($type, $data, $now), true),
                'state' => 'waiting',
                'tries' => 0,
                'due_at' => $now,
                'created_at' => $now,
                'said' => '',
            ]);
        }
        return count($missing);
    }

    /**
     * Tell what no hook told of the orders that changed lately, and forget what is long past. Return how many orders had news.
     */
    public static function catchUp(): int
    {
        Db::getInstance()->delete(self::TABLE, '`created_at` < ' . (time() - self::KEEP));
        $since = date('Y-m-d H:i:s', time() - self::CATCH_UP);
        $changed = Db::getInstance()->executeS('SELECT `id_order`, `current_state` FROM `' . _DB_PREFIX_ . 'orders`
            WHERE `date_upd` >= \'' . pSQL($since) . '\' AND `current_state` > 0 ORDER BY `id_order`');
        $found = 0;
        foreach ($changed as $row) {
            $order = new Order((int) $row['id_order']);
            $shop = (int) $order->id_shop;
            if (Settings::connected($shop)) {
                $types = OrderData::types(new OrderState((int) $row['current_state']), $shop);
                $found += self::tell($order, $types) > 0 ? 1 : 0;
            }
        }
        return $found;
    }

    /**
     * Deliver at most so many of those that are due. When one must be tried again, the others wait for the next time too.
     */
    public static function deliver(int $most): string
    {
        $due = self::rows('SELECT * FROM `%s` WHERE `state` = \'waiting\' AND `due_at` <= ' . time() . " ORDER BY `id` LIMIT $most");
        $delivered = 0;
        foreach ($due as $row) {
            if (!self::claim($row)) {
                continue;
            }
            [$status, $text] = self::post($row);
            self::note($row, $status, $text);
            $delivered += $status === 200 ? 1 : 0;
            if (Sender::mayBeRepeated($status)) {
                break;
            }
        }
        return sprintf('delivered %d of %d', $delivered, count($due));
    }

    public static function waiting(): int
    {
        return (int) self::rows('SELECT COUNT(*) AS `number` FROM `%s` WHERE `state` = \'waiting\'')[0]['number'];
    }

    /**
     * @return array<int, array<string, string>> the last messages that something was wrong with
     */
    public static function troubles(int $most): array
    {
        return self::rows("SELECT `id_order`, `type`, `state`, `tries`, `said` FROM `%s` WHERE `said` <> '' ORDER BY `id` DESC LIMIT $most");
    }

    private static function claim(array $row): bool
    {
        $tries = (int) $row['tries'];
        $taken = ['tries' => $tries + 1, 'due_at' => time() + self::CLAIM];
        $where = '`id` = ' . (int) $row['id'] . " AND `tries` = $tries AND `state` = 'waiting'";
        return Db::getInstance()->update(self::TABLE, $taken, $where) && (int) Db::getInstance()->Affected_Rows() === 1;
    }

    private static function post(array $row): array
    {
        try {
            return Settings::sender((int) $row['id_shop'])->post($row['message_id'], $row['body']);
        } catch (InvalidArgumentException $error) {
            return [401, $error->getMessage()];
        }
    }

    private static function note(array $row, int $status, string $text): void
    {
        $pause = Telling::pause($status, (int) $row['tries'] + 1);
        $said = substr((string) preg_replace('/[^\x20-\x7E]/', '?', Sender::reason($status, $text)), 0, 250);
        if ($status === 200) {
            $noted = ['state' => 'told', 'body' => '', 'said' => ''];
        } elseif ($pause !== null) {
            $noted = ['due_at' => time() + $pause, 'said' => pSQL($said)];
        } else {
            $noted = ['state' => 'lost', 'body' => '', 'said' => pSQL($said)];
        }
        Db::getInstance()->update(self::TABLE, $noted, '`id` = ' . (int) $row['id']);
    }

    private static function rows(string $query): array
    {
        return Db::getInstance()->executeS(sprintf($query, _DB_PREFIX_ . self::TABLE)) ?: [];
    }
}
