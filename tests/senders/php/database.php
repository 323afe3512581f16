<?php

/**
 * A database for the stand-ins: SQLite, in a file that outlives one request of a shop.
 */

declare(strict_types=1);

function database(): PDO
{
    static $database = null;
    if ($database === null) {
        $database = new PDO('sqlite:' . getenv('SHOP_DATABASE'));
        $database->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $database->setAttribute(PDO::ATTR_DEFAULT_FETCH_MODE, PDO::FETCH_ASSOC);
        $database->setAttribute(PDO::ATTR_STRINGIFY_FETCHES, true);
    }
    return $database;
}

/**
 * What a test says of the shop: states, orders, customers, as JSON.
 */
function shop(): array
{
    static $shop = null;
    return $shop ?? $shop = json_decode((string) file_get_contents((string) getenv('SHOP_FILE')), true, 32, JSON_THROW_ON_ERROR);
}
