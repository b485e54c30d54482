import { useTransport } from './transport.ts'

useTransport('tls')
