// connections
export { MemorySocket, type MemorySocketAddresses } from './connections/memory-socket.ts'
