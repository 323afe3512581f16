<?php

declare(strict_types=1);

namespace Afterorder\Connect\Model;

use Afterorder\Sender;
use Afterorder\Telling;
use InvalidArgumentException;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Sales\Model\Order;

/**
 * What was told of each order, and what waits to be told: a table of its own. A message keeps its id and its body over all
 * tries; its body, which names a customer, is emptied as soon as it is not needed.
 */
class Messages
{
    /** Seconds in which nobody else takes a message that is being delivered. */
    private const CLAIM = 120;

    private const KEEP = 34560000;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly Settings $settings,
        private readonly OrderData $data,
    ) {
    }

    /**
     * Queue what the order's state means and was not told yet. Return how many messages that made.
     */
    public function tell(Order $order): int
    {
        $query = "SELECT type FROM {$this->table()} WHERE order_id = ? ORDER BY id";
        $told = $this->database()->fetchCol($query, [(int) $order->getId()]);
        $missing = Telling::missing($this->data->types($order), $told);
        $now = time();
        $data = $missing === [] ? [] : $this->data->of($order, $now);
        foreach ($missing as $type) {
            $this->database()->insert($this->table(), [
                'order_id' => (int) $order->getId(),
                'store_id' => (int) $order->getStoreId(),
                'type' => $type,
                'message_id' => 'msg_' . bin2hex(random_bytes(16)),
                'body' => Sender::body($type, $data, $now),
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
     * Deliver at most so many of those that are due. When one must be tried again, the others wait for the next time too.
     */
    public function deliver(int $most): int
    {
        $query = "SELECT * FROM {$this->table()} WHERE state = 'waiting' AND due_at <= ? ORDER BY id LIMIT $most";
        $delivered = 0;
        foreach ($this->database()->fetchAll($query, [time()]) as $row) {
            if (!$this->claim($row)) {
                continue;
            }
            [$status, $text] = $this->post($row);
            $this->note($row, $status, $text);
            $delivered += $status === 200 ? 1 : 0;
            if (Sender::mayBeRepeated($status)) {
                break;
            }
        }
        return $delivered;
    }

    public function forgetOld(): void
    {
        $this->database()->delete($this->table(), ['created_at < ?' => time() - self::KEEP]);
    }

    private function claim(array $row): bool
    {
        $tries = (int) $row['tries'];
        $taken = ['tries' => $tries + 1, 'due_at' => time() + self::CLAIM];
        return $this->database()->update($this->table(), $taken, ['id = ?' => (int) $row['id'], 'tries = ?' => $tries]) === 1;
    }

    /**
     * @return array{int, string}
     */
    private function post(array $row): array
    {
        try {
            return $this->settings->sender((int) $row['store_id'])->post((string) $row['message_id'], (string) $row['body']);
        } catch (InvalidArgumentException $error) {
            return [401, $error->getMessage()];
        }
    }

    private function note(array $row, int $status, string $text): void
    {
        $pause = Telling::pause($status, (int) $row['tries'] + 1);
        $said = substr((string) preg_replace('/[^\x20-\x7E]/', '?', Sender::reason($status, $text)), 0, 250);
        $this->database()->update($this->table(), match (true) {
            $status === 200 => ['state' => 'told', 'body' => '', 'said' => ''],
            $pause !== null => ['due_at' => time() + $pause, 'said' => $said],
            default => ['state' => 'lost', 'body' => '', 'said' => $said],
        }, ['id = ?' => (int) $row['id']]);
    }

    private function database(): AdapterInterface
    {
        return $this->resource->getConnection();
    }

    private function table(): string
    {
        return $this->resource->getTableName('afterorder_message');
    }
}
