// An app that knows nothing of marks: it calls another service for whoever asks it. Prints its port.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

type seen struct {
	At  int64 `json:"at"`
	Got any   `json:"got"`
}

var (
	startPool sync.Once
	jobs      = make(chan func())
	startLoop sync.Once
	seenLock  sync.Mutex
	allSeen   = []seen{}
)

// send makes one call, and gives the baggage that the other service got.
func send(req *http.Request) any {
	answer, err := client.Do(req)
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	var got struct{ Baggage any }
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return err.Error()
	}
	return got.Baggage
}

func request(ctx context.Context, to string) *http.Request {
	req, err := http.NewRequestWithContext(ctx, "GET", to, nil)
	if err != nil {
		panic(err)
	}
	return req
}

func withBaggage(baggage string, req *http.Request) *http.Request {
	req.Header.Set("Baggage", baggage)
	return req
}

func inGoroutine(body func() any) any {
	done := make(chan any)
	go func() { done <- body() }()
	return <-done
}

var ways = map[string]func(ctx context.Context, to string) any{
	"plain":   func(_ context.Context, to string) any { return send(request(context.Background(), to)) },
	"context": func(ctx context.Context, to string) any { return send(request(ctx, to)) },
	"slept": func(_ context.Context, to string) any {
		time.Sleep(3 * time.Millisecond)
		return send(request(context.Background(), to))
	},
	"goroutine": func(ctx context.Context, to string) any {
		return inGoroutine(func() any { return send(request(ctx, to)) })
	},
	"lost": func(_ context.Context, to string) any {
		return inGoroutine(func() any { return send(request(context.Background(), to)) })
	},
	// The first request starts what works for all.
	"pool": func(_ context.Context, to string) any {
		startPool.Do(func() {
			go func() {
				for job := range jobs {
					job()
				}
			}()
		})
		done := make(chan any)
		jobs <- func() { done <- send(request(context.Background(), to)) }
		return <-done
	},
	"own": func(ctx context.Context, to string) any { return send(withBaggage("a=1,b=2", request(ctx, to))) },
	"leak": func(ctx context.Context, to string) any {
		return send(withBaggage("a=1,berth-env=pz", request(ctx, to)))
	},
	"reused": func(_ context.Context, to string) any {
		req := request(context.Background(), to)
		send(req)
		return req.Header.Get("Baggage")
	},
	"startLoop": func(ctx context.Context, to string) any {
		startLoop.Do(func() {
			ctx := context.WithoutCancel(ctx)
			go func() {
				for ; ; time.Sleep(20 * time.Millisecond) {
					one := seen{time.Now().UnixMilli(), send(request(ctx, to))}
					seenLock.Lock()
					allSeen = append(allSeen, one)
					seenLock.Unlock()
				}
			}()
		})
		return nil
	},
	"seenByLoop": func(context.Context, string) any {
		seenLock.Lock()
		defer seenLock.Unlock()
		return allSeen
	},
}

func main() {
	// Every name is this machine.
	http.DefaultTransport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, _ := net.SplitHostPort(address)
		return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	http.HandleFunc("/call", func(w http.ResponseWriter, r *http.Request) {
		to := r.URL.Query().Get("url")
		io.Copy(io.Discard, r.Body)
		json.NewEncoder(w).Encode(ways[r.URL.Query().Get("by")](r.Context(), to))
	})
	http.HandleFunc("/proxy", func(w http.ResponseWriter, r *http.Request) {
		to, _ := url.Parse(r.URL.Query().Get("url"))
		proxy := httputil.NewSingleHostReverseProxy(to)
		proxy.Transport = client.Transport
		proxy.ServeHTTP(w, r)
	})
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, handler(http.DefaultServeMux)))
}
