// Does not compile: the build says where.
package main

import "net/http"

func main() {
	http.ListenAndServe(port(), nil)
}
