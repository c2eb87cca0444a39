import { getLogger } from 'span-tree'

getLogger('nested').span('deep', () => {})
