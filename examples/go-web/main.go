// A web server of the standard library alone. Its template is read when it starts: it must be in the image.
package main

import (
	"html/template"
	"log"
	"net/http"
	"os"
	"runtime"
)

func main() {
	page := template.Must(template.ParseFiles("templates/index.html"))
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		if err := page.Execute(w, map[string]string{"Version": runtime.Version()}); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
