<?php

declare(strict_types=1);

namespace Afterorder\Connect\Cron;

use Afterorder\Connect\Model\Messages;

/**
 * Every minute: deliver what waits.
 */
class Deliver
{
    private const MOST = 100;

    public function __construct(private readonly Messages $messages)
    {
    }

    public function execute(): void
    {
        $this->messages->forgetOld();
        $this->messages->deliver(self::MOST);
    }
}
