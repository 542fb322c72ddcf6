// What carries the environment's mark, as text and in time: the same in net/http and in the package that apps import for a
// Go that the build does not know (packages/propagation). See docs/environments.md, "What carries the mark".

package http

import (
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// berthGrace is how long work that goes on after the answer keeps its mark.
const berthGrace = 500 * time.Millisecond

// berthHeaderMax: servers refuse headers of some length; then the app's own are worth more than ours.
const berthHeaderMax = 8000

var (
	berthIsOn  = os.Getenv("BERTH_PROPAGATE") != "0"
	berthHosts = berthReadHosts(os.Getenv("BERTH_PROPAGATE_TO"))
	// berthLast: clients on kept-alive connections send the same baggage again and again.
	berthLast atomic.Pointer[berthParsed]
)

type berthParsed struct{ baggage, mark string }

// berthWork is one request that came with a mark. It ends with its handler: what that leaves running has none.
type berthWork struct {
	mark   string
	overAt atomic.Int64 // ns since 1970, 0 before
}

// over is called with the answer.
func (work *berthWork) over() {
	work.overAt.Store(time.Now().UnixNano())
}

func (work *berthWork) current() string {
	if at := work.overAt.Load(); at != 0 && time.Now().UnixNano()-at > int64(berthGrace) {
		return ""
	}
	return work.mark
}

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

// berthBaggageFor returns what a host gets as baggage: `own` is what the app says, `mark` under which it works.
func berthBaggageFor(host, own string, mark func() string) string {
	if !berthIsOurs(host) {
		return berthWithoutMark(own)
	}
	if mark := mark(); mark != "" {
		return berthWithMark(own, mark)
	}
	return own
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
