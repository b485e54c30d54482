// The same pieces of work for every stack: /hello (text), /json (an object), /echo (a JSON body back), /five (hello behind five middleware).
export const greeting = 'Hello, World!'
export const record = () => ({ message: 'Hello, World!', number: 42, list: [1, 2, 3] })
export const ready = port => console.log(JSON.stringify({ port }))
