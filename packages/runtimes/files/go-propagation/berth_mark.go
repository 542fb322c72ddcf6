// Added to net/http by the build: carries the environment's mark, the `berth-*` members of W3C `baggage`, from the request
// that is answered to the requests that are made for it. See docs/environments.md, "What carries the mark".

package http

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
)

type berthContextKey struct{}

var (
	// berthIsAwake: has any request ever come with a mark? Until then nothing is looked up.
	berthIsAwake atomic.Bool
	// berthWorking has the work of goroutines that answer a request now. Goroutines that they start are not in it: they may
	// go on for others (a pool that the first request starts). Those have their mark from the request's context.
	berthWorking sync.Map
)

// berthIn is called before the handler. It returns nil for a request without a mark, else what is to be ended after it.
func berthIn(req *Request) *berthWork {
	values := req.Header["Baggage"]
	if len(values) == 0 || !berthIsOn {
		return nil
	}
	mark := berthMarkIn(strings.Join(values, ","))
	if mark == "" {
		return nil
	}
	work := &berthWork{mark: mark}
	// Nobody else has seen this request: no copy is needed.
	req.ctx = context.WithValue(req.Context(), berthContextKey{}, work)
	if id := berthGoroutine(); id != 0 {
		berthWorking.Store(id, work)
	}
	berthIsAwake.Store(true)
	return work
}

// end is called by the goroutine that called berthIn.
func (work *berthWork) end() {
	work.over()
	berthWorking.Delete(berthGoroutine())
}

// berthOut returns the request as it is to be sent: itself, or a copy with another baggage header.
func berthOut(req *Request) *Request {
	if req == nil || req.URL == nil || !berthIsOn {
		return req
	}
	values := req.Header["Baggage"]
	if len(values) == 0 && !berthIsAwake.Load() {
		return req
	}
	own := strings.Join(values, ",")
	wanted := berthBaggageFor(req.URL.Hostname(), own, func() string { return berthMarkFor(req) })
	if wanted == own {
		return req
	}
	marked := new(Request)
	*marked = *req
	marked.Header = req.Header.Clone()
	if marked.Header == nil {
		marked.Header = Header{}
	}
	if wanted == "" {
		marked.Header.Del("Baggage")
	} else {
		marked.Header["Baggage"] = []string{wanted}
	}
	return marked
}

// berthMarkFor: a context that comes from a request says for which this one is made, also that it has no mark. Else it is
// the one that this goroutine answers.
func berthMarkFor(req *Request) string {
	ctx := req.Context()
	if work, ok := ctx.Value(berthContextKey{}).(*berthWork); ok {
		return work.current()
	}
	if ctx.Value(ServerContextKey) != nil {
		return ""
	}
	if work, ok := berthWorking.Load(berthGoroutine()); ok {
		return work.(*berthWork).current()
	}
	return ""
}
