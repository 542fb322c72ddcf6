<?php

// The stock of the shop: a leaf that tells who answered.
header('content-type: application/json');
echo json_encode([
    'service' => 'stock',
    'version' => trim(file_get_contents(__DIR__ . '/VERSION')),
    'environment' => getenv('BERTH_ENVIRONMENT') ?: null,
    'calls' => [],
]), "\n";
