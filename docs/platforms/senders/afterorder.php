<?php

/**
 * Tell afterorder of an order, a support case or a rating: the standard webhook from PHP 7.2 on, with the extensions curl and json.
 *
 *     $sender = new \Afterorder\Sender('https://ask.shop.example/webhooks/acme/standard', 'whsec_...');
 *     $sender->send('order.fulfilled', ['id' => '1001', 'email' => 'anna@example.com', 'total' => '99.80', 'currency' => 'PLN']);
 *
 * As a command, with AFTERORDER_URL and AFTERORDER_SECRET set:  php afterorder.php < event.json
 * where event.json holds {"type": ..., "data": {...}} and, if it was told before, its "id".
 */

declare(strict_types=1);

namespace Afterorder;

use InvalidArgumentException;
use RuntimeException;

/**
 * Posts to one address. A try takes at most $timeout seconds; $pauses are the seconds between tries.
 */
final class Sender
{
    private $url;
    private $key;
    private $timeout;
    private $pauses;

    public function __construct(string $url, string $secret, float $timeout = 5.0, array $pauses = [1, 5, 30])
    {
        if (preg_match('~^(https://|http://(127\.0\.0\.1|localhost)[:/])\S+$~D', $url) !== 1) {
            throw new InvalidArgumentException('the address must begin with https://');
        }
        $encoded = preg_match('~^whsec_(\S+)$~D', trim($secret), $found) === 1 ? $found[1] : '';
        $this->key = (string) base64_decode($encoded, true);
        if (strlen($this->key) < 24) {
            throw new InvalidArgumentException('the secret must be whsec_ and at least 24 bytes in base64');
        }
        $this->url = $url;
        $this->timeout = $timeout;
        $this->pauses = $pauses;
    }

    /**
     * Return the message's id when it is durably kept. Give the id again when you send the same again later.
     *
     * @throws RuntimeException if it was refused or not delivered; its code is the status, 0 if nothing was answered
     */
    public function send(string $type, array $data, ?string $messageId = null): string
    {
        $messageId = $messageId ?? 'msg_' . bin2hex(random_bytes(16));
        $body = self::body($type, $data, time());
        [$status, $text] = $this->post($messageId, $body);
        foreach ($this->pauses as $pause) {
            if (!self::mayBeRepeated($status)) {
                break;
            }
            usleep((int) ($pause * 1000000));
            [$status, $text] = $this->post($messageId, $body);
        }
        if ($status !== 200) {
            throw new RuntimeException("message $messageId: " . self::reason($status, $text), $status);
        }
        return $messageId;
    }

    public static function body(string $type, array $data, int $time): string
    {
        // Not one order is lost for a byte that is no UTF-8: it is replaced.
        $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES;
        return (string) json_encode(['type' => $type, 'timestamp' => gmdate('Y-m-d\TH:i:s\Z', $time), 'data' => $data], $flags);
    }

    /**
     * Try once. Return the status, 0 without an answer, and what was said. Redirects are not followed.
     *
     * @return array{int, string}
     */
    public function post(string $messageId, string $body): array
    {
        $headers = [];
        foreach ($this->headers($messageId, time(), $body) as $name => $value) {
            $headers[] = "$name: $value";
        }
        $request = curl_init($this->url);
        curl_setopt_array($request, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_TIMEOUT_MS => (int) ($this->timeout * 1000),
        ]);
        $text = curl_exec($request);
        if ($text === false) {
            return [0, curl_error($request)];
        }
        return [(int) curl_getinfo($request, CURLINFO_RESPONSE_CODE), substr((string) $text, 0, 2000)];
    }

    /**
     * Sign as https://www.standardwebhooks.com says. Each try has a time of its own; the id stays.
     *
     * @return array<string, string>
     */
    public function headers(string $messageId, int $timestamp, string $body): array
    {
        $signature = base64_encode(hash_hmac('sha256', "$messageId.$timestamp.$body", $this->key, true));
        return [
            'content-type' => 'application/json',
            'webhook-id' => $messageId,
            'webhook-timestamp' => (string) $timestamp,
            'webhook-signature' => "v1,$signature",
        ];
    }

    public static function mayBeRepeated(int $status): bool
    {
        return $status === 0 || $status === 429 || $status >= 500;
    }

    /**
     * Say in words what a refusal means.
     */
    public static function reason(int $status, string $text): string
    {
        if ($status === 401) {
            return "401: refused; check the secret, and this machine's clock ($text)";
        }
        if ($status === 404) {
            return "404: no such shop; check the address ($text)";
        }
        if ($status >= 300 && $status < 400) {
            return "$status: redirected, which is not followed; check the address";
        }
        return $status === 0 ? "no answer ($text)" : "$status: $text";
    }
}

if (PHP_SAPI === 'cli' && realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    $event = json_decode((string) stream_get_contents(STDIN), true);
    $settings = getenv() + ['AFTERORDER_PAUSES' => '1,5,30', 'AFTERORDER_TIMEOUT' => '5'];
    $pauses = array_map('floatval', explode(',', $settings['AFTERORDER_PAUSES']));
    $timeout = (float) $settings['AFTERORDER_TIMEOUT'];
    try {
        $sender = new Sender((string) getenv('AFTERORDER_URL'), (string) getenv('AFTERORDER_SECRET'), $timeout, $pauses);
        echo $sender->send($event['type'], $event['data'], $event['id'] ?? null), PHP_EOL;
    } catch (InvalidArgumentException $error) {
        fwrite(STDERR, $error->getMessage() . PHP_EOL);
        exit(1);
    } catch (RuntimeException $error) {
        fwrite(STDERR, "{$event['type']} was not taken, {$error->getMessage()}" . PHP_EOL);
        exit(1);
    }
}
