package http

// berthGoroutine returns what tells a goroutine from all others as long as it lives.
func berthGoroutine() uintptr
