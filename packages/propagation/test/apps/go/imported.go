//go:build imported

package main

import (
	"app/internal/berth"
	"net/http"
)

// As an app says it whose Go the build does not know; the package is put beside it by the test.
var client = &http.Client{Transport: berth.Transport(nil)}

func handler(next http.Handler) http.Handler { return berth.Handler(next) }
