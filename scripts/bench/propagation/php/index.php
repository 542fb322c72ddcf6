<?php

// A hello world; cpu/ tells what CPU its process has used so far, µs.
echo "Hello, world\n";
