// The API: one of two binaries, with a module from the module proxy.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"example.com/team/go-modules/v2/internal/ids"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "id %s", ids.Of("berth"))
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
