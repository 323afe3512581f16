<?php

declare(strict_types=1);

use Magento\Framework\Component\ComponentRegistrar;

// The files that this module shares with others; `make magento-module` puts them here.
require_once __DIR__ . '/Shared/Sender.php';
require_once __DIR__ . '/Shared/Telling.php';

ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Afterorder_Connect', __DIR__);
