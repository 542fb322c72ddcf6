// Says what its command line says.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_, err := os.Stat("/bin/sh")
		fmt.Fprintf(w, "hello %s, shell: %t", os.Args[1], err == nil)
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
