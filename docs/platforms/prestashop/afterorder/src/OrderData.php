<?php

declare(strict_types=1);

namespace Afterorder\PrestaShop;

use Address;
use Carrier;
use Category;
use Country;
use Currency;
use Customer;
use DateTimeImmutable;
use Language;
use Order;
use OrderState;

if (!defined('_PS_VERSION_')) {
    exit;
}

/**
 * PrestaShop's order in the words of the standard webhook.
 */
final class OrderData
{
    /** afterorder keeps no more. */
    private const MOST_ITEMS = 5;

    /**
     * What a state means: a stop alone, else everything that has happened by then.
     *
     * PrestaShop has flags for paid and shipped only; the rest is told by lists of states, which the shop can change.
     *
     * @return string[]
     */
    public static function types(OrderState $state, int $shop): array
    {
        $is = static function (string $list) use ($state, $shop): bool {
            return in_array((int) $state->id, Settings::states($list, $shop), true);
        };
        if ($is(Settings::CANCELLED)) {
            return ['order.cancelled'];
        }
        if ($is(Settings::REFUNDED)) {
            return ['order.refunded'];
        }
        $happened = array_keys(array_filter([
            'order.paid' => (bool) $state->paid,
            'order.fulfilled' => (bool) $state->shipped,
            'order.delivered' => $is(Settings::DELIVERED),
        ]));
        return $happened === [] ? ['order.placed'] : $happened;
    }

    /**
     * @return array<string, mixed> the `data` of every message about this order
     */
    public static function of(Order $order, int $time): array
    {
        $customer = new Customer((int) $order->id_customer);
        $address = new Address((int) $order->id_address_invoice);
        $consent = (bool) $customer->newsletter;
        return [
            'id' => (string) $order->id,
            'number' => (string) $order->reference,
            'email' => (string) $customer->email,
            'first_name' => (string) $customer->firstname,
            'language' => (string) (new Language((int) $order->id_lang))->iso_code,
            'country' => (string) Country::getIsoById((int) $address->id_country),
            'currency' => (string) (new Currency((int) $order->id_currency))->iso_code,
            'total' => number_format((float) $order->total_paid_tax_incl, 2, '.', ''),
            'items' => self::items($order),
            'delivery' => (string) (new Carrier((int) $order->id_carrier))->name,
            'customer_id' => (string) $order->id_customer,
            'consent' => $consent,
            'consent_at' => $consent ? self::time((string) $customer->newsletter_date_add) : null,
            'placed_at' => self::time((string) $order->date_add),
            'updated_at' => gmdate('Y-m-d\TH:i:s\Z', $time),
        ];
    }

    private static function items(Order $order): array
    {
        return array_map(static function (array $line) use ($order): array {
            $category = new Category((int) ($line['id_category_default'] ?? 0), (int) $order->id_lang);
            return [
                'sku' => (string) $line['product_reference'],
                'title' => (string) $line['product_name'],
                'category' => (string) $category->name,
                'quantity' => (int) $line['product_quantity'],
            ];
        }, array_slice(array_values($order->getProductsDetail()), 0, self::MOST_ITEMS));
    }

    /**
     * PrestaShop writes its own zone's time without the zone, which it has made PHP's own; a date that was never set is all zeros.
     */
    private static function time(string $written): ?string
    {
        return $written === '' || strpos($written, '0000') === 0 ? null : (new DateTimeImmutable($written))->format('Y-m-d\TH:i:sP');
    }
}
