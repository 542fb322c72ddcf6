module example.com/dockerfile-go

go 1.26
