module example.com/team/go-modules/v2

go 1.26.0

toolchain go1.26.1

// +heroku install ./cmd/...

require github.com/google/uuid v1.6.0
