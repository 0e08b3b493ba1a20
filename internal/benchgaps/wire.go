package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
)

// readyForQuery is the type of the message by which the server ends its answer to whatever it was sent at once: one for each round trip.
const readyForQuery = 'Z'

// counter is a proxy before a PostgreSQL server on a socket that counts round trips, with those that a driver makes unasked.
type counter struct {
	listener net.Listener
	upstream string
	dir      string
	trips    atomic.Int64
}

// countTrips puts a counter before the server of an address, and gives the address to use in its stead.
func countTrips(address string) (c *counter, through string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, "", err
	}
	q := u.Query()
	name := ".s.PGSQL." + q.Get("port")
	c = &counter{upstream: filepath.Join(q.Get("host"), name)}
	if c.dir, err = os.MkdirTemp("", "gapwise-wire"); err != nil {
		return nil, "", err
	}
	if c.listener, err = net.Listen("unix", filepath.Join(c.dir, name)); err != nil { //nolint:noctx // it lives as long as the bench
		return nil, "", errors.Join(err, os.RemoveAll(c.dir))
	}
	q.Set("host", c.dir)
	u.RawQuery = q.Encode()
	go c.serve()
	return c, u.String(), nil
}

// Close ends the proxy; connections end with their clients.
func (c *counter) Close() error { return errors.Join(c.listener.Close(), os.RemoveAll(c.dir)) }

func (c *counter) serve() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", c.upstream) //nolint:noctx // as above
		if err != nil {
			_ = client.Close()
			continue
		}
		go func() {
			_, _ = io.Copy(server, client)
			_ = server.Close()
		}()
		go func() {
			_ = c.answers(client, server)
			_ = client.Close()
		}()
	}
}

// answers passes the server's messages on: a type of one byte, and a length of four that counts itself.
func (c *counter) answers(client io.Writer, server io.Reader) error {
	var head [5]byte
	for {
		if _, err := io.ReadFull(server, head[:]); err != nil {
			return err
		}
		n := int64(binary.BigEndian.Uint32(head[1:])) - 4
		if n < 0 {
			return fmt.Errorf("a message of %d bytes", n)
		}
		if head[0] == readyForQuery {
			c.trips.Add(1)
		}
		if _, err := client.Write(head[:]); err != nil {
			return err
		}
		if _, err := io.CopyN(client, server, n); err != nil {
			return err
		}
	}
}
