//go:build !imported

package main

import "net/http"

var client = http.DefaultClient

func handler(next http.Handler) http.Handler { return next }
