<?php

$prepended = 'yes';
