import { useTransport } from './transport.ts'

useTransport('http2')
