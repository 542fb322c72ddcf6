<?php

// A hello world that tells what CPU its process has used so far, µs.
if (getenv('REQUEST_URI') !== '/cpu') exit("Hello, world\n");
$used = getrusage();
echo ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) * 1_000_000 + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'];
