<?php

header('content-type: text/plain');
echo 'PHP ', PHP_MAJOR_VERSION, ' says hello to ', $_GET['name'] ?? 'you', "\n";
