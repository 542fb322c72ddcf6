// Added to net/http by the build: carries the environment's mark, the `berth-*` members of W3C `baggage`, from the request
// that is answered to the requests that are made for it. See docs/environments.md, "What carries the mark".

package http

import (
	"context"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// berthGrace is how long work that goes on after the answer keeps its mark.
const berthGrace = 500 * time.Millisecond

// berthHeaderMax: servers refuse headers of some length; then the app's own are worth more than ours.
const berthHeaderMax = 8000

// berthWork is one request that came with a mark. It ends with its handler: what that leaves running has none.
type berthWork struct {
	mark   string
	overAt atomic.Int64 // ns since 1970, 0 before
}

type berthContextKey struct{}

var (
	berthIsOn  = os.Getenv("BERTH_PROPAGATE") != "0"
	berthHosts = berthReadHosts(os.Getenv("BERTH_PROPAGATE_TO"))
	// berthIsAwake: has any request ever come with a mark? Until then nothing is looked up.
	berthIsAwake atomic.Bool
	// berthWorking has the work of goroutines that answer a request now. Goroutines that they start are not in it: they may
	// go on for others (a pool that the first request starts). Those have their mark from the request's context.
	berthWorking sync.Map
	// berthLast: clients on kept-alive connections send the same baggage again and again.
	berthLast atomic.Pointer[berthParsed]
)

type berthParsed struct{ baggage, mark string }

func berthReadHosts(list string) []string {
	if list == "" {
		list = ".internal"
	}
	var hosts []string
	for _, host := range strings.Split(strings.ToLower(list), ",") {
		if host = strings.TrimSpace(host); host != "" {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

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
	work.overAt.Store(time.Now().UnixNano())
	berthWorking.Delete(berthGoroutine())
}

func (work *berthWork) current() string {
	if at := work.overAt.Load(); at != 0 && time.Now().UnixNano()-at > int64(berthGrace) {
		return ""
	}
	return work.mark
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
	wanted := own
	if !berthIsOurs(req.URL.Hostname()) {
		wanted = berthWithoutMark(own)
	} else if mark := berthMarkFor(req); mark != "" {
		wanted = berthWithMark(own, mark)
	}
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

// berthIsOurs: `.internal` means all below it, `a.internal` that one and all below it.
func berthIsOurs(host string) bool {
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	for _, one := range berthHosts {
		if strings.HasPrefix(one, ".") {
			if strings.HasSuffix(name, one) {
				return true
			}
		} else if name == one || strings.HasSuffix(name, "."+one) {
			return true
		}
	}
	return false
}

func berthMarkIn(baggage string) string {
	if last := berthLast.Load(); last != nil && last.baggage == baggage {
		return last.mark
	}
	mark := berthReadMark(baggage)
	berthLast.Store(&berthParsed{baggage, mark})
	return mark
}

// berthReadMark returns the members of a baggage header that are ours, the last of each name.
func berthReadMark(baggage string) string {
	if !strings.Contains(baggage, "berth-") {
		return ""
	}
	var found []string
	for _, member := range strings.Split(baggage, ",") {
		pair, _, _ := strings.Cut(member, ";")
		name, value, _ := strings.Cut(pair, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !berthIsName(name) || !berthIsValue(value) {
			continue
		}
		at := len(found)
		for i, one := range found {
			if strings.HasPrefix(one, name+"=") {
				at = i
			}
		}
		if at == len(found) {
			found = append(found, "")
		}
		found[at] = name + "=" + value
	}
	return strings.Join(found, ",")
}

func berthIsName(name string) bool {
	rest, ok := strings.CutPrefix(name, "berth-")
	return ok && rest != "" && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz") == ""
}

func berthIsValue(value string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-"
	return value != "" && len(value) <= 128 && strings.IndexFunc(value, func(r rune) bool {
		return !strings.ContainsRune(allowed, r)
	}) < 0
}

// berthWithMark: what the app says itself of a member counts.
func berthWithMark(own, mark string) string {
	if own == "" {
		return mark
	}
	whole := own
	for _, member := range strings.Split(mark, ",") {
		name, _, _ := strings.Cut(member, "=")
		if !berthHas(own, name) {
			whole += "," + member
		}
	}
	if len(whole) > berthHeaderMax {
		return own
	}
	return whole
}

func berthHas(baggage, name string) bool {
	for _, member := range strings.Split(baggage, ",") {
		one, _, _ := strings.Cut(member, "=")
		if strings.TrimSpace(one) == name {
			return true
		}
	}
	return false
}

// berthWithoutMark: a tracer of the app hands on whatever came in, also to somebody outside.
func berthWithoutMark(own string) string {
	if !strings.Contains(own, "berth-") {
		return own
	}
	var left []string
	for _, member := range strings.Split(own, ",") {
		if !strings.HasPrefix(strings.TrimSpace(member), "berth-") {
			left = append(left, member)
		}
	}
	return strings.Join(left, ",")
}
