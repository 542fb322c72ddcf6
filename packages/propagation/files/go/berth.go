// Package berth carries the environment's mark, the `berth-*` members of W3C `baggage`, from the request that is answered to
// the requests that are made for it: for a Go that Berth's builds do not know. This file is a copy of what Berth hands out at
// /propagation/berth.go; a newer one takes its place whole. See docs/environments.md, "What carries the mark".
package berth

import (
	"context"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

type contextKey struct{}

// Handler lets next work under the mark of each request, which is in its context. It goes around everything else.
func Handler(next http.Handler) http.Handler {
	if !berthIsOn {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mark := berthMarkIn(strings.Join(req.Header["Baggage"], ","))
		if mark == "" {
			next.ServeHTTP(w, req)
			return
		}
		work := &berthWork{mark: mark}
		defer work.over()
		next.ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), contextKey{}, work)))
	})
}

// Transport marks the requests that go through next and whose context is, or comes from, that of a request that Handler got.
// Only services of ours are told. nil is http.DefaultTransport.
func Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	if !berthIsOn {
		return next
	}
	return transport{next}
}

type transport struct{ next http.RoundTripper }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL == nil {
		return t.next.RoundTrip(req)
	}
	own := strings.Join(req.Header["Baggage"], ",")
	wanted := berthBaggageFor(req.URL.Hostname(), own, func() string {
		if work, ok := req.Context().Value(contextKey{}).(*berthWork); ok {
			return work.current()
		}
		return ""
	})
	if wanted == own {
		return t.next.RoundTrip(req)
	}
	// The request of the app is its own.
	marked := req.Clone(req.Context())
	if wanted == "" {
		marked.Header.Del("Baggage")
	} else {
		marked.Header.Set("Baggage", wanted)
	}
	return t.next.RoundTrip(marked)
}

// CloseIdleConnections is what http.Client asks of its Transport.
func (t transport) CloseIdleConnections() {
	if next, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}
