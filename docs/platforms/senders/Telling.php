<?php

/**
 * What the shop modules have in common: which news of an order is still to be told, and when to try again.
 */

declare(strict_types=1);

namespace Afterorder;

final class Telling
{
    private const STOPS = ['order.cancelled', 'order.refunded'];

    /** Seconds before the second try, the third, and so on: about four days in all. */
    private const PAUSES = [60, 300, 1800, 7200, 21600, 43200, 86400, 86400, 86400];

    /**
     * Return those of the types that were not told yet. A stop is told again after the order came back to life, and so are
     * the others after a stop: how an order stands is what the newest message says.
     *
     * @param string[] $types what the order's state means now, such as ['order.paid', 'order.fulfilled']
     * @param string[] $told the types told of this order before, the oldest first
     *
     * @return string[]
     */
    public static function missing(array $types, array $told): array
    {
        if (array_intersect($types, self::STOPS) !== []) {
            return array_values(array_diff($types, array_slice($told, -1)));
        }
        $stops = array_keys(array_intersect($told, self::STOPS));
        $since = $stops === [] ? $told : array_slice($told, end($stops) + 1);
        return array_values(array_diff($types, $since));
    }

    /**
     * Return after how many seconds a message may be tried again; null says never.
     *
     * A wrong secret or address (401, 404) can be corrected in the shop, so that what waits is not lost.
     */
    public static function pause(int $status, int $tries): ?int
    {
        if (!Sender::mayBeRepeated($status) && !in_array($status, [401, 403, 404], true)) {
            return null;
        }
        return self::PAUSES[$tries - 1] ?? null;
    }
}
