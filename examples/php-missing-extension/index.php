<?php echo "never built";
