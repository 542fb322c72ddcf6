// The worker: the second binary.
package main

import (
	"fmt"
	"time"

	"example.com/team/go-modules/v2/internal/ids"
)

func main() {
	for now := range time.Tick(10 * time.Second) {
		fmt.Println("working on", ids.Of(now.Format(time.Kitchen)))
	}
}
