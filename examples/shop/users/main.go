// The users of the shop: a leaf that tells who answered.
package main

import (
	_ "embed"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"
)

//go:embed VERSION
var version string

type answer struct {
	Service     string   `json:"service"`
	Version     string   `json:"version"`
	Environment string   `json:"environment"`
	Calls       []answer `json:"calls"`
}

func main() {
	self := answer{"users", strings.TrimSpace(version), os.Getenv("BERTH_ENVIRONMENT"), []answer{}}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(self); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
