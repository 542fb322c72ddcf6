<?php

return $_SERVER['HTTP_BAGGAGE'] ?? false;
