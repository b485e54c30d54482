// What a user reads in a stack trace: our functions by name, and with --enable-source-maps the lines of our sources.
import { ServiceCollection } from 'windhover'

class Broken {
  constructor() {
    throw new Error('broken')
  }
}

const provider = new ServiceCollection().addSingleton(Broken).buildServiceProvider()
try {
  provider.getRequiredService(Broken)
} catch (error) {
  console.log(error.stack)
}
