package openai

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// drainTime is how long what was under way is still read once the reader has left. It ends well within a tenth of a second.
const drainTime = 60 * time.Millisecond

// halfConn is a connection whose sending half can be closed. Once it is, nothing can be written to it, so that it is never used again.
type halfConn struct {
	net.Conn
	closed atomic.Bool
}

var errHalfClosed = errors.New("this half of the connection is closed")

// Write implements net.Conn.
func (c *halfConn) Write(b []byte) (int, error) {
	if c.closed.Load() {
		return 0, errHalfClosed
	}
	return c.Conn.Write(b)
}

func (c *halfConn) closeWrite() bool {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || c.closed.Swap(true) {
		return ok
	}
	return half.CloseWrite() == nil
}

// isHalf tells whether nothing can be sent over a connection any more.
func isHalf(conn net.Conn) bool {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	half, ok := conn.(*halfConn)
	return ok && half.closed.Load()
}

// dial connects, with a connection that can be closed by halves.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &halfConn{Conn: conn}, nil
}

// follower is a call's context that outlives the reader's by drainTime, so that what was produced for a reader who left is known.
type follower struct {
	ctx    context.Context //nolint:containedctx // it is one
	cancel context.CancelFunc
	begun  atomic.Bool // the endpoint has begun to answer
	conn   atomic.Pointer[net.Conn]
	once   sync.Once
	stop   func() bool
	drain  *time.Timer
	mu     sync.Mutex
}

// follow makes a context that is told when the reader's ends.
func follow(reader context.Context) *follower {
	ctx, cancel := context.WithCancel(context.WithoutCancel(reader))
	l := &follower{cancel: cancel}
	l.ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { l.conn.Store(&info.Conn) }})
	l.stop = context.AfterFunc(reader, l.leave)
	return l
}

// leave tells the endpoint that nobody reads any more.
func (l *follower) leave() {
	l.once.Do(func() {
		if !l.begun.Load() || !l.half() {
			l.cancel()
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.drain = time.AfterFunc(drainTime, l.cancel)
	})
}

// half closes the sending half of the call's connection, which HTTP servers take for a client that went away.
func (l *follower) half() bool {
	at := l.conn.Load()
	if at == nil {
		return false
	}
	conn := *at
	if secure, ok := conn.(*tls.Conn); ok {
		_ = secure.CloseWrite() // the half below it is closed in any case
		conn = secure.NetConn()
	}
	plain, ok := conn.(*halfConn)
	return ok && plain.closeWrite()
}

// end gives the context up.
func (l *follower) end() {
	l.stop()
	l.cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.drain != nil {
		l.drain.Stop()
	}
}
