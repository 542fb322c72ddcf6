module example.com/go-compile-error

go 1.26
