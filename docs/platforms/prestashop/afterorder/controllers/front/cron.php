<?php

/**
 * The address for the shop's cron: /module/afterorder/cron?token=...
 */

declare(strict_types=1);

use Afterorder\PrestaShop\Settings;

if (!defined('_PS_VERSION_')) {
    exit;
}

class AfterorderCronModuleFrontController extends ModuleFrontController
{
    /** @var bool */
    public $ajax = true;

    public function initContent(): void
    {
        header('Content-Type: text/plain; charset=utf-8');
        $token = Tools::getValue('token');
        if (!is_string($token) || !hash_equals(Settings::cronToken(), $token) || $token === '') {
            http_response_code(403);
            exit('wrong token');
        }
        exit($this->module->work());
    }
}
