<?php

declare(strict_types=1);

namespace Afterorder\Connect\Model;

use Afterorder\Sender;
use InvalidArgumentException;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Store\Model\ScopeInterface;

/**
 * What was chosen for a store view under Stores > Configuration > Sales > afterorder.
 */
class Settings
{
    /** Seconds for one delivery. */
    private const TIMEOUT = 5.0;

    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly EncryptorInterface $encryptor,
    ) {
    }

    public function connected(int $store): bool
    {
        return $this->value('url', $store) !== '' && $this->value('secret', $store) !== '';
    }

    /**
     * @throws InvalidArgumentException if the address or the secret is none
     */
    public function sender(int $store): Sender
    {
        $secret = $this->encryptor->decrypt($this->value('secret', $store));
        return new Sender($this->value('url', $store), $secret, self::TIMEOUT, []);
    }

    /**
     * @return string[] codes of the shop's own statuses
     */
    public function delivered(int $store): array
    {
        return array_filter(array_map('trim', explode(',', $this->value('delivered', $store))));
    }

    private function value(string $name, int $store): string
    {
        return (string) $this->config->getValue("afterorder/connection/$name", ScopeInterface::SCOPE_STORE, $store);
    }
}
